package io.prokura.demo;

import io.prokura.cli.AdminDoor;
import io.prokura.cli.Answer;
import io.prokura.cli.Call;
import io.prokura.cli.HttpCaller;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwtReader;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import java.net.URI;
import java.nio.file.Path;

/// Where the story is played: a running server, the way to its administrator's token, and a folder
/// for what the parties keep.
///
/// @param issuer the address of the server
/// @param data its data folder, with the admin socket in it
/// @param folder a folder for receipts and copies of the log
record Stage(
    World world,
    HttpCaller http,
    String issuer,
    Path data,
    Path folder,
    Limits limits,
    JsonReader json,
    JwtReader jwt,
    Crypto crypto) {

  static Stage of(World world, HttpCaller http, String issuer, Path data, Path folder) {
    var limits = Limits.standard();
    var json = new JsonReader(limits);
    return new Stage(
        world, http, issuer, data, folder, limits, json, new JwtReader(json), Crypto.jdk());
  }

  /// A fresh administrator's token over the admin socket.
  String administratorToken() {
    return AdminDoor.ask(data).accessToken();
  }

  /// A token of another person, given over the same socket because nobody can sign in here.
  String tokenFor(String person) {
    return AdminDoor.askFor(data, person).accessToken();
  }

  URI at(String path) {
    return URI.create(issuer + path);
  }

  /// Sends a request; no answer ends the story.
  Answer send(Call call) {
    try {
      return http.send(call);
    } catch (HttpCaller.NoAnswerException e) {
      throw new StepFailed("no answer from " + call.uri() + ": " + e.getMessage());
    }
  }
}

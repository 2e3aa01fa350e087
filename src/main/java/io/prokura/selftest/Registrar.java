package io.prokura.selftest;

import io.prokura.json.Json;
import io.prokura.kernel.World;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// The management API in the hands of whoever runs the test. Everything that is registered is noted
/// together with how it is ended again, so that nothing is left that could act.
final class Registrar {
  private static final String API = "/api/v1/";
  private static final int KEY_BYTES = 16;
  private static final int TRIES = 3;
  private static final Json.Obj REASON =
      Json.object().put("reason", "the self-test is over").build();

  private final World world;
  private final Wire wire;
  private final Supplier<String> tokens;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Undoing> made = new ArrayDeque<>();
  private Optional<String> token = Optional.empty();
  private boolean isOver;

  Registrar(World world, Wire wire, Supplier<String> tokens) {
    this.world = world;
    this.wire = wire;
    this.tokens = tokens;
  }

  /// How something is ended, and what it is.
  private record Undoing(String what, Sent request) {}

  /// Registers something that needs no end: it can't act, or goes with something that is ended.
  Json.Obj make(String path, Json.Obj body) {
    return done(Sent.json(API + path, body));
  }

  /// Registers something that is ended by the verb, and gives its id.
  String make(String path, Json.Obj body, String verb) {
    return id(told(path, body, verb));
  }

  /// The same with all that is told of it, which may be told once.
  Json.Obj told(String path, Json.Obj body, String verb) {
    lock.lock();
    try {
      if (isOver) {
        throw new Unclear("the self-test was ended");
      }
      var told = make(path, body);
      note(path, id(told), verb);
      return told;
    } finally {
      lock.unlock();
    }
  }

  /// Notes something that came about in another way, to end it by the verb.
  void note(String path, String id, String verb) {
    lock.lock();
    try {
      made.push(
          new Undoing(path + " " + id, Sent.json(API + path + "/" + id + "/" + verb, REASON)));
    } finally {
      lock.unlock();
    }
  }

  /// Notes that something has ended in another way.
  void forget(String path, String id) {
    lock.lock();
    try {
      made.removeIf(one -> one.what().equals(path + " " + id));
    } finally {
      lock.unlock();
    }
  }

  /// Takes a step in the life of something, which may be its end.
  Json.Obj step(String path, String id, String verb) {
    lock.lock();
    try {
      var step = Sent.json(API + path + "/" + id + "/" + verb, REASON);
      var done = done(step);
      made.removeIf(one -> one.request().equals(step));
      return done;
    } finally {
      lock.unlock();
    }
  }

  /// The newest entry of the record about somebody; an empty object where there is none.
  Json.Obj newest(String about) {
    var page = done(Sent.get(API + "audit?limit=1&about=" + about));
    return page.get("items").orElse(Json.flag(false)) instanceof Json.Arr(var items)
            && !items.isEmpty()
            && items.getFirst() instanceof Json.Obj entry
        ? entry
        : Json.object().build();
  }

  /// The id of the resource with this identifier; throws [Unclear] when there is none.
  String resource(String identifier) {
    var cursor = "";
    do {
      var page = done(Sent.get(API + "resources?limit=200" + cursor));
      if (page.get("items").orElse(Json.flag(false)) instanceof Json.Arr(var items)) {
        for (var item : items) {
          if (item instanceof Json.Obj one
              && one.text("identifier").equals(Optional.of(identifier))) {
            return id(one);
          }
        }
      }
      cursor = page.text("next").map(next -> "&cursor=" + next).orElse("");
    } while (!cursor.isEmpty());
    throw new Unclear("there is no resource " + identifier);
  }

  static String id(Json.Obj thing) {
    return thing.text("id").orElseThrow(() -> new Unclear("what was registered has no id"));
  }

  private Json.Obj done(Sent sent) {
    var reply = answer(sent);
    if (!reply.isGood()) {
      throw new Unclear(sent.method() + " " + sent.target() + ": " + reply.line());
    }
    return reply.object();
  }

  /// The answer to a request, which is done once however often it is sent: again with a new token
  /// where the first has expired, and again where the server is too busy.
  private Reply answer(Sent sent) {
    var once = sent;
    if (sent.method().equals("POST")) {
      once = sent.with("Idempotency-Key", HexFormat.of().formatHex(world.bytes(KEY_BYTES)));
    }
    var reply = bearing(once);
    for (int i = 1; i < TRIES && (reply.status() == 401 || reply.status() == 503); i++) {
      token = Optional.empty();
      reply = bearing(once);
    }
    return reply;
  }

  private Reply bearing(Sent sent) {
    var own = token.orElseGet(tokens);
    token = Optional.of(own);
    return wire.send(sent.bearer(own));
  }

  /// Ends everything that was registered, the newest first, and tells what could not be ended.
  /// Whoever asks twice gets nothing the second time. After it nothing is registered any more.
  List<String> end() {
    lock.lock();
    try {
      isOver = true;
      var left = new ArrayList<String>();
      while (!made.isEmpty()) {
        var one = made.pop();
        try {
          var reply = answer(one.request());
          if (!reply.isGood()) {
            left.add(one.what() + ": " + reply.line());
          }
        } catch (Unclear e) {
          left.add(one.what() + ": " + e.why());
        }
      }
      return left;
    } finally {
      lock.unlock();
    }
  }
}

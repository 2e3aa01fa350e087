package io.prokura.demo;

import io.prokura.cli.Failure;

/// The story of the agent triage, from its registration to its end, played by real parties over
/// HTTP. Every step checks what it expects.
final class Story {
  static final int STEPS = 15;

  private final Stage stage;
  private final Narrator narrator;

  Story(Stage stage, Narrator narrator) {
    this.stage = stage;
    this.narrator = narrator;
  }

  /// Plays the story up to the first step that doesn't hold, and returns how many steps did not
  /// hold: that one and those that could not be played after it.
  int play() {
    try (var casting = new Casting(stage, narrator)) {
      var cast = casting.cast();
      var agents = new Registering(stage, narrator, cast).play();
      var acting = new Acting(stage, narrator, cast, agents);
      var tokens = acting.play();
      var receipt = new Deciding(stage, narrator, cast, agents, tokens).play();
      new Consenting(stage, narrator, cast, acting, agents.triage(), tokens.own()).play();
      new Ending(stage, narrator, cast, agents, tokens).play(receipt);
    } catch (StepFailed e) {
      narrator.failed(String.valueOf(e.getMessage()));
    } catch (Failure e) {
      narrator.failed(e.line());
    }
    return STEPS - narrator.held();
  }
}

package lossmith.blackbox.law;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** That what may be set does something. */
final class SettingLaws {
  /** The law of settings that do nothing. */
  static final String ACT = "settings-act";

  private SettingLaws() {}

  static Seq<BoxLaw> all() {
    return List.of(
        BoxLaw.of(
                ACT,
                "Each setting that is read or was given changes the value or the gradient of some"
                    + " batch",
                "∂L/∂setting ≠ 0 somewhere",
                "another setting that is never None comes before it, its name is misspelt, or it is"
                    + " read and not used",
                (q, allowed) -> facts(q.effects().get().dead()))
            .on(Trial.Kind.ORDINARY)
            .unless(
                (box, seen) ->
                    Option.when(box.settings().isEmpty(), () -> "it is seen to read no settings")),
        BoxLaw.of(
                "one-default",
                "A setting has one default: the one in the code is the one that is declared",
                "config.get(name, d): d = the declared default",
                "the default was written twice, and one of them was changed",
                (q, allowed) -> facts(q.effects().get().twice()))
            .on(Trial.Kind.ORDINARY)
            .unless(
                (box, seen) ->
                    Option.when(
                        box.settings().fallbacks().isEmpty(),
                        () -> "it names no default beside a declared one")));
  }

  private static Seq<Violation> facts(Seq<String> texts) {
    return texts.flatMap(BoxLaw::fact);
  }
}

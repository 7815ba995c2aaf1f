package lossmith.recipes.part;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.reward;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.Supplier;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.recipes.advantage.Advantages;

/** Token masks: by agreement of the sampling policy with the trained one, and by usefulness. */
final class Selections {
  private Selections() {}

  static Part<Supplier<Condition<Token>>> selection(String name, Supplier<Condition<Token>> make) {
    return Part.of(Part.Kind.SELECTION, name, make);
  }

  static Seq<Part<Supplier<Condition<Token>>>> all() {
    return List.of(
            selection("informative", () -> Advantages.informative(reward()).per(TOKEN)),
            selection("finished", () -> given(Columns.FINISHED, SEQUENCE).positive().per(TOKEN)),
            selection("uncertain", Selections::uncertain))
        .appendAll(Rejections.all());
  }

  private static Condition<Token> uncertain() {
    Detached<Token> h = entropy().stopGradient();
    return h.atLeast(h.quantile(constant(0.8, BATCH), ALL_TOKENS).per(TOKEN));
  }
}

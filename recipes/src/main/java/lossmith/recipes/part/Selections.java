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
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Advantages;

/** Token masks: by agreement of the sampling policy with the trained one, and by usefulness. */
final class Selections {
  private Selections() {}

  static Part<Supplier<Condition<Token>>> selection(
      String name, String title, Source source, Supplier<Condition<Token>> make) {
    return new Part<>(Part.Kind.SELECTION, name, title, source, make);
  }

  static Seq<Part<Supplier<Condition<Token>>>> all() {
    return List.of(
            selection(
                "informative",
                "Groups whose rewards are not all equal (dynamic sampling)",
                new Source(
                    "DAPO: An Open-Source LLM Reinforcement Learning System at Scale",
                    "eq 11",
                    "https://arxiv.org/abs/2503.14476"),
                () -> Advantages.informative(reward()).per(TOKEN)),
            selection(
                "finished",
                "Responses that ended by themselves (overlong filtering)",
                new Source(
                    "DAPO: An Open-Source LLM Reinforcement Learning System at Scale",
                    "section 3.4",
                    "https://arxiv.org/abs/2503.14476"),
                () -> given(Columns.FINISHED, SEQUENCE).positive().per(TOKEN)),
            selection(
                "uncertain",
                "The fifth of the batch's tokens with the highest entropy",
                new Source(
                    "Beyond the 80/20 Rule: High-Entropy Minority Tokens Drive Effective"
                        + " Reinforcement Learning for LLM Reasoning",
                    "eq 6",
                    "https://arxiv.org/abs/2506.01939"),
                Selections::uncertain))
        .appendAll(Rejections.all());
  }

  private static Condition<Token> uncertain() {
    Detached<Token> h = entropy().stopGradient();
    return h.atLeast(h.quantile(constant(0.8, BATCH), ALL_TOKENS).per(TOKEN));
  }
}

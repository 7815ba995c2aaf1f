package lossmith.recipes.part;

import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.GROUP_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.parameter;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.BiFunction;
import lossmith.dsl.Condition;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Over;
import lossmith.dsl.Term;
import lossmith.recipes.Claim;

/**
 * From a number per token to one number. Tokens that are not selected are in no sum and no
 * denominator, and neither are responses and groups of which nothing is selected.
 */
final class Reductions {
  private Reductions() {}

  /** Makes one number from a number per token, of the tokens that are selected. */
  interface Reduced extends BiFunction<Term<Token>, Option<Condition<Token>>, Term<Batch>> {}

  private static Part<Reduced> part(String name, Reduced make) {
    return Part.of(Part.Kind.REDUCTION, name, make);
  }

  static Part<Reduced> tokenMean() {
    return part("token-mean", (x, where) -> x.mean(tokens(where)));
  }

  static Seq<Part<Reduced>> all() {
    return List.of(
        tokenMean(),
        part(
            "group-mean",
            (x, where) -> x.mean(own(where)).mean(members(where)).mean(groups(where))),
        part("sequence-mean-token-mean", (x, where) -> x.mean(own(where)).mean(sequences(where))),
        part("sequence-mean-token-sum", (x, where) -> x.sum(own(where)).mean(sequences(where))),
        part(
            "constant-length",
            (x, where) ->
                x.sum(own(where))
                    .mean(ALL_SEQUENCES)
                    .dividedBy(parameter("max_length", 4096, 1, 1e9))),
        part("prompt-mean", (x, where) -> x.mean(ofPrompt(where)).mean(groups(where))),
        part("token-sum", (x, where) -> x.sum(tokens(where))).claiming(new Claim.Additive()));
  }

  private static Over<Token, Batch> tokens(Option<Condition<Token>> where) {
    return where.map(ALL_TOKENS::where).getOrElse(ALL_TOKENS);
  }

  private static Over<Token, Group> ofPrompt(Option<Condition<Token>> where) {
    return where.map(GROUP_TOKENS::where).getOrElse(GROUP_TOKENS);
  }

  private static Over<Token, Sequence> own(Option<Condition<Token>> where) {
    return where.map(TOKENS::where).getOrElse(TOKENS);
  }

  private static Condition<Sequence> any(Condition<Token> where) {
    return count(TOKENS.where(where)).positive();
  }

  private static Over<Sequence, Group> members(Option<Condition<Token>> where) {
    return where.map(w -> SEQUENCES.where(any(w))).getOrElse(SEQUENCES);
  }

  private static Over<Sequence, Batch> sequences(Option<Condition<Token>> where) {
    return where.map(w -> ALL_SEQUENCES.where(any(w))).getOrElse(ALL_SEQUENCES);
  }

  private static Over<Group, Batch> groups(Option<Condition<Token>> where) {
    return where.map(w -> GROUPS.where(count(GROUP_TOKENS.where(w)).positive())).getOrElse(GROUPS);
  }
}

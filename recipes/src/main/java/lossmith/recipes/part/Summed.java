package lossmith.recipes.part;

import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;

import io.vavr.Tuple2;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.Function;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;

/**
 * What parts make where they are put together.
 *
 * @param reward what a response earned
 * @param weights the detached factors of the surrogate
 * @param where the tokens that count, if not all do
 * @param mean how a number per token becomes one number, of those that count
 * @param perToken all that is made one number so
 * @param objective what is maximised
 * @param costs what each regulariser adds to the loss, its coefficient in it
 */
record Summed(
    Detached<Sequence> reward,
    Seq<Detached<Token>> weights,
    Option<Condition<Token>> where,
    Function<Term<Token>, Term<Batch>> mean,
    Seq<Term<Token>> perToken,
    Term<Batch> objective,
    Seq<Tuple2<Part<Regularisers.Cost>, Term<Batch>>> costs) {
  Loss loss() {
    return costs.foldLeft(
        maximise(objective),
        (sum, cost) ->
            sum.plus(minimise(cost._2).training(cost._1.make().trains()).as(cost._1.name())));
  }
}

package lossmith.score;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.flow.Grouped;

/**
 * Why it is not known which responses belong together, and which objectives mean nothing then.
 *
 * @param ungrouped why the prompts are not known, if they are not
 * @param unpaired why the responses are in no pairs, if they have signs that are none
 */
record MissingGroups(Option<String> ungrouped, Option<String> unpaired) {
  static final MissingGroups NONE = new MissingGroups(Option.none(), Option.none());

  MissingGroups ungrouped(Option<String> why) {
    return new MissingGroups(why, unpaired);
  }

  MissingGroups unpaired(Option<String> why) {
    return new MissingGroups(ungrouped, why);
  }

  /** {@return why an objective cannot be scored, if it needs what is not known} */
  Seq<Problem> problems(String name, Loss loss) {
    Option<Problem> groups =
        ungrouped
            .filter(why -> Grouped.is(loss))
            .map(
                why ->
                    Problem.of(
                        "group",
                        name + " on responses without prompts: " + why,
                        "the prompt of each response, prompt_id",
                        "--columns prompt_id=NAME"));
    Option<Problem> pairs =
        unpaired
            .filter(why -> readsSigns(loss))
            .map(
                why ->
                    Problem.of(
                        "pair",
                        name + " on responses that are no pairs: " + why,
                        "one chosen and one rejected response to each prompt",
                        "sign 1 and -1 for them"));
    return List.of(groups, pairs).flatMap(problem -> problem);
  }

  private static boolean readsSigns(Loss loss) {
    return Inputs.withDefaults(loss).columns().exists(input -> input.name().equals(Columns.SIGN));
  }
}

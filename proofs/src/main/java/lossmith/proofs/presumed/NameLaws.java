package lossmith.proofs.presumed;

import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Locale;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What a name says of a mask, of a parameter or of a part is what is done with it. */
final class NameLaws {
  private static final Map<String, Set<Role>> ROLES =
      LinkedHashMap.of(
          "entropy", HashSet.of(Role.ENTROPY_BONUS),
          "kl", HashSet.of(Role.REGULARISER, Role.DISTILLATION),
          "value", HashSet.of(Role.VALUE_REGRESSION),
          "critic", HashSet.of(Role.VALUE_REGRESSION));

  private static final Set<String> GOOD = HashSet.of("pos", "positive", "desirable", "good");
  private static final Set<String> BAD = HashSet.of("neg", "negative", "undesirable", "bad");

  private NameLaws() {}

  static PartLaws.Presumed mask() {
    return PartLaws.law(
        "mask-selects",
        "where a mask of tokens alone selects, a token whose mask is 1 counts and one whose mask is"
            + " 0 does not",
        "1[C(m)] = m, m ∈ {0, 1}",
        0,
        "a condition is not rounded",
        role -> !selecting(role).isEmpty(),
        (part, trial, tolerance) ->
            selecting(part.presumed()).flatMap(condition -> selects(part, condition, trial)),
        Trial.Kind.ORDINARY);
  }

  /** The conditions that read a mask and nothing else. */
  private static Seq<Node> selecting(PresumedRole role) {
    return role.selections()
        .filter(node -> node.level() == Level.Name.TOKEN && mask(node).isDefined());
  }

  private static Option<String> mask(Node condition) {
    Seq<String> read =
        Graph.only(Node.Input.class, Graph.below(List.of(condition))).map(Node.Input::name);
    return Option.when(read.size() == 1, read::head).filter(PresumedRole::isMask);
  }

  private static Seq<Violation> selects(Isolated part, Node condition, Trial any) {
    String mask = mask(condition).get();
    return List.of(0.0, 1.0)
        .filter(
            value -> {
              Trial trial = PartLaws.changed(any, mask, x -> value);
              double[] kept = new Reference(trial.samples(), trial.parameters()).of(condition);
              return Arrays.stream(kept).anyMatch(x -> x != value);
            })
        .take(1)
        .map(
            value ->
                new Violation.Fact(
                    part.presumed().part()
                        + ": where "
                        + mask
                        + " is "
                        + value.intValue()
                        + ", what it selects "
                        + (value > 0 ? "leaves the token out" : "has the token")));
  }

  static PartLaws.Presumed part() {
    return PartLaws.law(
        "part-named",
        "a part that is called entropy reads as an entropy bonus, one that is called kl as a"
            + " distance from another policy, a critic or a value as a value regression",
        "name(L_i) = kl ⇒ L_i = D(π, π′)",
        0,
        "structure, nothing is rounded",
        role -> meant(role).isDefined(),
        (part, trial, tolerance) ->
            meant(part.presumed())
                .filter(roles -> !roles.contains(part.presumed().role()))
                .toList()
                .map(roles -> new Violation.Fact("by its name it is another: " + part.presumed())),
        Trial.Kind.ORDINARY);
  }

  /** The roles that a part may have by its name, if that tells. */
  private static Option<Set<Role>> meant(PresumedRole role) {
    List<String> words = List.of(role.part().toLowerCase(Locale.ROOT).split("[^a-z]+", -1));
    return ROLES.find(named -> words.contains(named._1)).map(named -> named._2);
  }

  static PartLaws.Presumed sides() {
    return PartLaws.law(
        "sides-named",
        "a parameter that is called positive is that of what is above 0, one that is called"
            + " negative that of what is below",
        "x > 0 ? τ_pos : τ_neg",
        0,
        "structure, nothing is rounded",
        role -> !chosen(role).isEmpty(),
        (part, trial, tolerance) ->
            chosen(part.presumed())
                .filter(
                    choice ->
                        isAbove(choice)
                            .exists(
                                above ->
                                    named(choice.left(), above ? BAD : GOOD)
                                        || named(choice.right(), above ? GOOD : BAD)))
                .map(
                    choice ->
                        new Violation.Fact(
                            part.presumed().part()
                                + ": above 0 is the parameter that is called negative, or below 0"
                                + " the one that is called positive")),
        Trial.Kind.ORDINARY);
  }

  /** The choices by the sign of a number between parameters that are called after a sign. */
  private static Seq<Node.Select> chosen(PresumedRole role) {
    return Graph.only(Node.Select.class, Graph.below(List.of(role.whole())))
        .filter(
            choice ->
                isAbove(choice).isDefined()
                    && List.of(choice.left(), choice.right())
                        .exists(side -> named(side, GOOD) || named(side, BAD)));
  }

  /** Whether the first is chosen above 0; nothing where something else decides. */
  private static Option<Boolean> isAbove(Node.Select choice) {
    if (!(PresumedRole.plain(choice.when()) instanceof Node.Compare compare)) {
      return Option.none();
    }
    boolean below = isZero(compare.right());
    return Option.when(below != isZero(compare.left()), !below);
  }

  private static boolean isZero(Node node) {
    return PresumedRole.plain(node) instanceof Node.Constant number && number.value() == 0;
  }

  private static boolean named(Node side, Set<String> words) {
    return PresumedRole.plain(side) instanceof Node.ParameterValue parameter
        && List.of(parameter.name().split("_", -1)).exists(words::contains);
  }
}

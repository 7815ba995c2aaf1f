package lossmith.proofs.known;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.dsl.Level;
import lossmith.dsl.Node;

/** Where the operands of a known term are those of another operation. */
final class OtherOperation {
  private static final Set<String> REDUCTIONS = HashSet.of("sum", "mean", "max", "min", "std");

  private OtherOperation() {}

  /** The same operands of another operation. */
  static Option<MistakenFor> between(TermForm own, TermForm known, boolean outermost) {
    if (own.of().isEmpty() || own.is(known.word())) {
      return Option.none();
    }
    TermForm other = own.as(known.word());
    boolean alike =
        own.isInAnyOrder() == known.isInAnyOrder()
            && (MistakenFor.same(other, known)
                || (isEven(own, known) && MistakenFor.same(Shapes.ofNegative(other), known)));
    if (alike) {
      Set<String> both = HashSet.of(head(own), head(known));
      boolean swapped =
          both.equals(HashSet.of("min", "max"))
              || both.equals(HashSet.of("and", "or"))
              || both.equals(HashSet.of("equal", Shapes.POSITIVE))
              || both.equals(HashSet.of("scan"))
              || both.equals(HashSet.of("next"));
      boolean elsewhere = both.equals(HashSet.of("mean")) || both.equals(HashSet.of("std"));
      boolean averaged =
          (both.equals(HashSet.of("sum", "mean"))
                  && own.isLive()
                  && (outermost || !isOfResponses(own.node())))
              || elsewhere;
      boolean reduced = REDUCTIONS.containsAll(both) && !averaged;
      return swapped || reduced ? MistakenFor.said("an operation is another", 1) : Option.none();
    }
    if (known.isInAnyOrder()
        && own.isInAnyOrder()
        && MistakenFor.same(own, flattened(own, known))) {
      return MistakenFor.said("an operation is another", 1);
    }
    boolean averages = List.of(own, known).exists(one -> one.word().startsWith("mean "));
    boolean bends = List.of(own, known).exists(one -> MistakenFor.FUNCTIONS.contains(one.word()));
    boolean nested =
        averages
            && bends
            && known.of().nonEmpty()
            && own.is(known.first().word())
            && own.first().is(known.word())
            && own.first().of().nonEmpty()
            && known.first().of().nonEmpty()
            && MistakenFor.same(own.first().first(), known.first().first());
    return nested ? MistakenFor.said("two operations have changed places", 2) : Option.none();
  }

  /** The operands of a known term, as the other operation has them: and in and is one and. */
  private static TermForm flattened(TermForm own, TermForm known) {
    Seq<TermForm> all = known.of().flatMap(one -> one.is(own.word()) ? one.of() : List.of(one));
    return own.with(all);
  }

  private static boolean isEven(TermForm own, TermForm known) {
    return Shapes.isEven(own.word()) != Shapes.isEven(known.word());
  }

  /** What is summed over the responses to a prompt, such as the two of a pair. */
  private static boolean isOfResponses(Node node) {
    return node instanceof Node.Reduce reduce
        && reduce.of().level() == Level.Name.SEQUENCE
        && reduce.to() == Level.Name.GROUP;
  }

  private static String head(TermForm x) {
    int space = x.word().indexOf(' ');
    return space < 0 ? x.word() : x.word().substring(0, space);
  }
}

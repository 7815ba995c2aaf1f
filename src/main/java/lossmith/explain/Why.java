package lossmith.explain;

import lossmith.explain.Shape.Sort;

/** Why one type is asked for where another is given: the rule of the algebra behind it. */
final class Why {
  private Why() {}

  static String of(Shape asked, Shape given) {
    boolean terms = asked.sort().isTerm() && given.sort().isTerm();
    if (asked.sort() == Sort.LOSS && given.sort().isTerm()) {
      return "; maximise or minimise makes one of a number of the whole batch";
    }
    if (asked.sort() == Sort.OVER) {
      return "; a reduction starts where its term lives";
    }
    if (asked.sort() == Sort.AXIS) {
      return given.sort() == Sort.AXIS
          ? "; per goes to a finer level, and only a reduction to a coarser one"
          : "";
    }
    if (asked.sort() == Sort.PARAMETER && given.sort().isTerm()) {
      return "; a term has a verb of its own";
    }
    if (terms || asked.sort() == given.sort()) {
      boolean level = asked.level().isDefined() && !asked.level().equals(given.level());
      boolean live = asked.sort() == Sort.DETACHED && given.sort() == Sort.TERM;
      return (level
              ? "; levels do not mix: per goes to a finer one, a reduction to a coarser one"
              : "")
          + (live
              ? (level ? ", and" : ";")
                  + " what weights, bounds, orders or chooses carries no gradient"
              : "");
    }
    if (given.sort() == Sort.NUMBER && asked.sort().isTerm()) {
      return asked.sort() == Sort.PARAMETER
          ? "; a number that is fed has a name and a range"
          : "; numbers have verbs of their own, or become constants of a level";
    }
    if (asked.sort() == Sort.CONDITION) {
      return "; a comparison makes one of numbers";
    }
    return "";
  }
}

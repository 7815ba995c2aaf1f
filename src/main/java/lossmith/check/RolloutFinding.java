package lossmith.check;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;

/**
 * Something about rollouts that somebody who trains on them should know.
 *
 * @param code its name, which does not change between versions
 * @param severity how bad it is
 * @param sentence what is the case, with its numbers
 * @param remedy what to do; empty where there is nothing to do
 * @param count of how many tokens, responses or prompts it is
 * @param first where the first of them is
 * @param numbers its numbers by name; not finite where they overflow
 */
public record RolloutFinding(
    String code,
    Severity severity,
    String sentence,
    String remedy,
    long count,
    Option<FilePlace> first,
    Map<String, Double> numbers) {
  static RolloutFinding error(String code, String sentence, String remedy) {
    return of(code, Severity.ERROR, sentence, remedy);
  }

  static RolloutFinding warning(String code, String sentence, String remedy) {
    return of(code, Severity.WARNING, sentence, remedy);
  }

  static RolloutFinding note(String code, String sentence) {
    return of(code, Severity.NOTE, sentence, "");
  }

  private static RolloutFinding of(String code, Severity severity, String sentence, String remedy) {
    return new RolloutFinding(
        code, severity, sentence, remedy, 0, Option.none(), LinkedHashMap.empty());
  }

  RolloutFinding at(long many, FilePlace place) {
    return new RolloutFinding(code, severity, sentence, remedy, many, Option.some(place), numbers);
  }

  RolloutFinding with(String name, double number) {
    return new RolloutFinding(
        code, severity, sentence, remedy, count, first, numbers.put(name, number));
  }

  /** {@return the same, an error where it was a warning} */
  RolloutFinding strict() {
    return severity == Severity.WARNING
        ? new RolloutFinding(code, Severity.ERROR, sentence, remedy, count, first, numbers)
        : this;
  }
}

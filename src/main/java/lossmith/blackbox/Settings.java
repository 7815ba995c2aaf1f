package lossmith.blackbox;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;

/**
 * What a loss reads beside its columns.
 *
 * @param read each number and switch that it reads, as it is
 * @param unread what was set and is never read
 * @param fallbacks where it names a default of its own beside the one that is declared: both
 */
public record Settings(
    Map<String, Setting> read, Seq<String> unread, Map<String, Fallback> fallbacks) {
  /** No settings. */
  public static final Settings NONE =
      new Settings(LinkedHashMap.empty(), List.empty(), LinkedHashMap.empty());

  /**
   * Two defaults of one setting.
   *
   * @param own the one that the loss names, were nothing declared
   * @param declared the one that is declared, and counts
   */
  public record Fallback(Setting own, Setting declared) {}

  /** {@return whether there are any} */
  public boolean isEmpty() {
    return read.isEmpty() && unread.isEmpty();
  }
}

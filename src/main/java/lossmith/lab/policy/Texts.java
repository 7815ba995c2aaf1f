package lossmith.lab.policy;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.util.Arrays;

/**
 * Prompts, each followed by a response, as ids.
 *
 * @param texts all texts
 */
public record Texts(Seq<Text> texts) {
  /** A prompt and a response. */
  public static final class Text {
    private final int[] ids;
    private final int prompt;

    /**
     * A text; the array must not change.
     *
     * @param ids of both
     * @param prompt how many of them are the prompt's, at least one
     */
    public Text(int[] ids, int prompt) {
      this.ids = ids;
      this.prompt = prompt;
    }

    /** {@return the ids of both, not to be changed} */
    public int[] ids() {
      return ids;
    }

    /** {@return how many of them are the prompt's} */
    public int prompt() {
      return prompt;
    }

    /** {@return the text of two pieces} */
    public static Text of(int[] prompt, int[] response) {
      int[] ids = Arrays.copyOf(prompt, prompt.length + response.length);
      System.arraycopy(response, 0, ids, prompt.length, response.length);
      return new Text(ids, prompt.length);
    }

    /** {@return how many symbols the response has} */
    public int length() {
      return ids.length - prompt;
    }

    /** {@return the response} */
    public int[] response() {
      return Arrays.copyOfRange(ids, prompt, ids.length);
    }
  }

  /** {@return how many symbols all responses have} */
  public int tokens() {
    return texts.map(Text::length).sum().intValue();
  }

  /** {@return how many symbols each response has} */
  public int[] lengths() {
    return texts.toJavaStream().mapToInt(Text::length).toArray();
  }

  /** {@return the symbols of all responses, one after another} */
  public int[] sampled() {
    return texts.toJavaStream().flatMapToInt(text -> Arrays.stream(text.response())).toArray();
  }

  /** {@return these texts, one after another, in two halves} */
  Seq<Texts> halves() {
    int half = (texts.size() + 1) / 2;
    return Vector.of(texts.take(half), texts.drop(half)).filter(Seq::nonEmpty).map(Texts::new);
  }

  /** The ids in rows of one length; behind a text stands what no logits depend on. */
  int[][] padded() {
    int longest = texts.map(text -> text.ids().length).max().getOrElse(0);
    return texts
        .toJavaStream()
        .map(text -> Arrays.copyOf(text.ids(), longest))
        .toArray(int[][]::new);
  }

  /** The slots that the symbols of the responses are read from: each the one before its own. */
  int[] slots() {
    int longest = texts.map(text -> text.ids().length).max().getOrElse(0);
    int[] slots = new int[tokens()];
    int at = 0;
    for (int row = 0; row < texts.size(); row++) {
      Text text = texts.get(row);
      for (int t = text.prompt(); t < text.ids().length; t++) {
        slots[at++] = row * longest + t - 1;
      }
    }
    return slots;
  }
}

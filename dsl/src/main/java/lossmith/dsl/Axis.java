package lossmith.dsl;

import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;

/**
 * The witness of a level, to spread a term to ({@code per(TOKEN)}) or to place a constant at
 * ({@code constant(0, TOKEN)}).
 *
 * @param <F> the level, a phantom: it exists for the compiler only
 * @param name the level as data
 */
@SuppressWarnings("UnusedTypeParameter") // phantom
public record Axis<F extends Level>(Level.Name name) {
  /** Every vocabulary entry of every token. */
  public static final Axis<Vocabulary> VOCABULARY_ENTRY = new Axis<>(Level.Name.VOCABULARY);

  /** Every response token. */
  public static final Axis<Token> TOKEN = new Axis<>(Level.Name.TOKEN);

  /** Every response. */
  public static final Axis<Sequence> SEQUENCE = new Axis<>(Level.Name.SEQUENCE);

  /** Every prompt. */
  public static final Axis<Group> GROUP = new Axis<>(Level.Name.GROUP);

  /** The whole batch, for constants. */
  public static final Axis<Batch> BATCH = new Axis<>(Level.Name.BATCH);
}

package lossmith.proofs.independent.loops;

import lossmith.dsl.Axis;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;

/**
 * A level as something to draw terms of.
 *
 * @param axis its witness
 * @param <L> the level
 */
record Floor<L extends Level>(Axis<L> axis) {
  static final Floor<Vocabulary> VOCABULARY = new Floor<>(Axis.VOCABULARY_ENTRY);
  static final Floor<Token> TOKEN = new Floor<>(Axis.TOKEN);
  static final Floor<Sequence> SEQUENCE = new Floor<>(Axis.SEQUENCE);
  static final Floor<Group> GROUP = new Floor<>(Axis.GROUP);
  static final Floor<Batch> BATCH = new Floor<>(Axis.BATCH);

  Level.Name name() {
    return axis.name();
  }
}

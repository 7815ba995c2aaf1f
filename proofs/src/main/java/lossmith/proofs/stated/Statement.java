package lossmith.proofs.stated;

/**
 * A published objective as loops over plain numbers, written from its formula and from nothing of
 * the term language: what the recipe must equal in value and in gradient. A stopped gradient is an
 * argument of its own: what a formula stops, it reads from {@code detached}.
 */
@FunctionalInterface
public interface Statement {
  /**
   * {@return the loss that is minimised}
   *
   * @param live the numbers through which gradient flows
   * @param detached the same numbers where gradient is stopped; they stay when {@code live} moves
   */
  double loss(Plain live, Plain detached);
}

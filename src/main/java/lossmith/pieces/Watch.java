package lossmith.pieces;

/** Is told how far work on a batch of any size is. */
@FunctionalInterface
public interface Watch {
  /** Is not interested. */
  Watch NONE = (done, all) -> {};

  /**
   * Is told of progress.
   *
   * @param done how many steps are done
   * @param all how many there are; 0 where that is not known
   */
  void read(long done, long all);
}

package lossmith.explain;

/**
 * Letters to write in the place of others.
 *
 * @param start the first that is replaced
 * @param end behind the last
 * @param text what stands there then
 */
record Edit(int start, int end, String text) {
  /** Whether it stands above all that was wrong. */
  boolean isImport() {
    return text.startsWith("import ");
  }
}

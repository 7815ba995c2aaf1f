package lossmith.proofs.independent;

import io.vavr.collection.Map;

/**
 * The value and the gradients that a compiled loss gave for a batch.
 *
 * @param value the loss
 * @param gradients its gradient by what it is with respect to
 */
record Found(double value, Map<String, double[]> gradients) {}

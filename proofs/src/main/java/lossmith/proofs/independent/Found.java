package lossmith.proofs.independent;

import io.vavr.collection.Map;

/**
 * What a compiled loss said of a batch.
 *
 * @param value the loss
 * @param gradients its gradient by what it is with respect to
 */
record Found(double value, Map<String, double[]> gradients) {}

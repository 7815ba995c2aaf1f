package lossmith.proofs.estimator;

/**
 * What an estimate reads as.
 *
 * @param ofTokens whether it is made of what tokens earned
 * @param named whether it is a named estimator
 * @param words its name with its conventions, or what it is near to and what it does otherwise
 * @param within how nearly, relative to the size of the numbers
 */
public record EstimateReading(boolean ofTokens, boolean named, String words, double within) {}

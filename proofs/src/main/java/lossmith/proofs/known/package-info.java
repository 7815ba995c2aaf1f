/**
 * What is known by name: a part of a loss is presumed to be the objective of the catalogue that it
 * looks like. Here are the normal form in which terms are compared, what all recipes and parts are
 * made of in that form, and the law. No kinds of objectives and no cases: {@code proofs.role} and
 * {@code proofs.presumed} have those.
 */
@CheckReturnValue
@NullMarked
package lossmith.proofs.known;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;

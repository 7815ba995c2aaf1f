/** Real bugs of public systems, and what stops each. */
@NullMarked
package lossmith.proofs.museum;

import org.jspecify.annotations.NullMarked;

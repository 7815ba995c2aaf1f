/** The published objectives stated a second time, as loops over plain numbers. */
@NullMarked
package lossmith.proofs.stated;

import org.jspecify.annotations.NullMarked;

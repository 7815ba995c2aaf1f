@NullMarked
package lossmith.lab.claim;

import org.jspecify.annotations.NullMarked;

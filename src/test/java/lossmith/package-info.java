@NullMarked
package lossmith;

import org.jspecify.annotations.NullMarked;

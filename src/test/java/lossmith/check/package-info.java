@NullMarked
package lossmith.check;

import org.jspecify.annotations.NullMarked;

@NullMarked
package lossmith.golden;

import org.jspecify.annotations.NullMarked;

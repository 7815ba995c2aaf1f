@NullMarked
package lossmith.conform.golden;

import org.jspecify.annotations.NullMarked;

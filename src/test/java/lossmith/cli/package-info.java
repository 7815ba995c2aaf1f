@NullMarked
package lossmith.cli;

import org.jspecify.annotations.NullMarked;

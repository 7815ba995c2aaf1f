@NullMarked
package lossmith.cli.training;

import org.jspecify.annotations.NullMarked;

@NullMarked
package lossmith.score;

import org.jspecify.annotations.NullMarked;

@NullMarked
package lossmith.vocabulary;

import org.jspecify.annotations.NullMarked;

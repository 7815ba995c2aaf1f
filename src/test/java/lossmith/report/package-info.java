@NullMarked
package lossmith.report;

import org.jspecify.annotations.NullMarked;

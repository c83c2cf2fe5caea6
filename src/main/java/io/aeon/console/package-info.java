/**
 * What a broker shows of itself by HTTP: health checks, and the console for people. The room looks at the cluster as
 * any client does, and only when somebody asks: nothing here runs, or holds memory, in a broker at which nobody looks.
 */
@NullMarked
package io.aeon.console;

import org.jspecify.annotations.NullMarked;

/** Where in the partitions: offsets by time and by leader epoch, and the start of a log moved. */
@NullMarked
package io.aeon.api.offsets;

import org.jspecify.annotations.NullMarked;

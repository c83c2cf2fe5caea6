/** What a log knows of its producers: sequences, epochs and transactions. Pure: no files, no clock, JDK only. */
@NullMarked
package io.aeon.storage.producer;

import org.jspecify.annotations.NullMarked;

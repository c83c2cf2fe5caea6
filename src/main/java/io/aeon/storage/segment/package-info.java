/**
 * The segments of one log and their files: names, indexes, leader epochs, the rules for rolling, and the replacement of
 * segments.
 */
@NullMarked
package io.aeon.storage.segment;

import org.jspecify.annotations.NullMarked;

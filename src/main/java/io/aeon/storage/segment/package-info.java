/**
 * The segments of one log and what is kept beside them: names, indexes, leader epochs; when they roll, how one takes the
 * place of others.
 */
@NullMarked
package io.aeon.storage.segment;

import org.jspecify.annotations.NullMarked;

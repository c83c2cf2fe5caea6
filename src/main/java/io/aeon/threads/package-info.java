/** The threads that actors run on, made so that work at a low rate wakes as few of them as it can. */
@NullMarked
package io.aeon.threads;

import org.jspecify.annotations.NullMarked;

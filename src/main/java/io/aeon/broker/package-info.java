/** The guardian of all actors and what it gives to request handlers; each kind of actor has its room below. */
@NullMarked
package io.aeon.broker;

import org.jspecify.annotations.NullMarked;

/** Idempotent and transactional producers: producer ids, transactions and their administration. */
@NullMarked
package io.aeon.api.transactions;

import org.jspecify.annotations.NullMarked;

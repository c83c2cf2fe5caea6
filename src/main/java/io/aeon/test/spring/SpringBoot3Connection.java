package io.aeon.test.spring;

import java.util.List;
import org.springframework.boot.autoconfigure.kafka.KafkaConnectionDetails;

/** Tells Spring Boot 3 where the broker is. */
record SpringBoot3Connection(List<String> getBootstrapServers) implements KafkaConnectionDetails {}

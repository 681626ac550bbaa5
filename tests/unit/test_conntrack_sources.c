/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connections by their original source: newest first, whatever was added and removed between. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "conntrack/sources.h"
#include "packet/packet.h"

enum { N_CONNECTIONS = 2000, N_SOURCES = 7 };

static struct tuple tuple_of(uint32_t source, uint16_t port)
{
	return (struct tuple){
		.source = address_from_ipv4(0x0a000000u + source), .source_port = port,
		.protocol = PROTOCOL_UDP, .family = FAMILY_IPV4,
	};
}

static struct connection *add(struct sources *sources, struct connection *connection, const struct tuple *tuple)
{
	memset(connection, 0, sizeof(*connection));
	connection->tuple[DIRECTION_ORIGINAL] = *tuple;
	sources_add(sources, connection);
	return connection;
}

START_TEST(an_empty_set_has_nobody)
{
	struct tuple tuple = tuple_of(1, 1);
	struct sources sources;

	sources_init(&sources);
	ck_assert(sources_find(&sources, &tuple) == NULL);
	sources_clear(&sources);
}
END_TEST

START_TEST(destinations_do_not_matter_and_everything_else_does)
{
	struct tuple base = tuple_of(1, 1000), other;
	struct connection connection;
	struct sources sources;

	sources_init(&sources);
	add(&sources, &connection, &base);
	other = base;
	other.destination = address_from_ipv4(77);
	other.destination_port = 5;
	ck_assert(sources_find(&sources, &other) == &connection);
	other = base;
	other.source_port = 1001;
	ck_assert(sources_find(&sources, &other) == NULL);
	other = base;
	other.source = address_from_ipv4(1);
	ck_assert(sources_find(&sources, &other) == NULL);
	other = base;
	other.protocol = PROTOCOL_TCP;
	ck_assert(sources_find(&sources, &other) == NULL);
	other = base;
	other.zone = 1;
	ck_assert(sources_find(&sources, &other) == NULL);
	sources_clear(&sources);
}
END_TEST

/* Through growth and with every third one gone again, each source lists its connections from the newest on. */
START_TEST(the_newest_comes_first)
{
	struct connection *connections = calloc(N_CONNECTIONS, sizeof(*connections));
	struct sources sources;

	ck_assert(connections != NULL);
	sources_init(&sources);
	for (uint32_t i = 0; i < N_CONNECTIONS; i++) {
		struct tuple tuple = tuple_of(i % N_SOURCES, 53);

		add(&sources, &connections[i], &tuple);
	}
	for (uint32_t i = 0; i < N_CONNECTIONS; i += 3)
		sources_remove(&sources, &connections[i]);
	for (uint32_t source = 0; source < N_SOURCES; source++) {
		struct tuple tuple = tuple_of(source, 53);
		const struct connection *found = sources_find(&sources, &tuple);

		for (uint32_t i = N_CONNECTIONS; i-- > 0;) {
			if (i % N_SOURCES != source || i % 3 == 0)
				continue;
			ck_assert(found == &connections[i]);
			found = sources_find_older(found);
		}
		ck_assert(found == NULL);
	}
	sources_clear(&sources);
	free(connections);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("conntrack/sources");
	TCase *tcase = tcase_create("sources");
	SRunner *runner;
	int n_failed;

	tcase_add_test(tcase, an_empty_set_has_nobody);
	tcase_add_test(tcase, destinations_do_not_matter_and_everything_else_does);
	tcase_add_test(tcase, the_newest_comes_first);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

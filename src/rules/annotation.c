/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/annotation.h"

#include <string.h>

static const struct annotation_word sockets[] = {
	{ "none", ANNOTATION_SOCKET_NONE }, { "yes", ANNOTATION_SOCKET_YES }, { "transparent", ANNOTATION_SOCKET_TRANSPARENT },
	{ "wildcard", ANNOTATION_SOCKET_WILDCARD }, { NULL, 0 },
};

static const struct annotation_word transforms[] = { { "none", ANNOTATION_IPSEC_NONE }, { "yes", ANNOTATION_IPSEC_YES }, { NULL, 0 } };
static const struct annotation_word balancings[] = { { "none", ANNOTATION_IPVS_NONE }, { "yes", ANNOTATION_IPVS_YES }, { NULL, 0 } };

#define NUMBER(id, word, words_after) \
	[id] = { .name = word, .max = UINT32_MAX, .value_name = "NUMBER", .summary = words_after }
#define TEXT(id, word, value, words_after) \
	[id] = { .name = word, .is_text = true, .value_name = value, .summary = words_after }

static const struct annotation_kind kinds[ANNOTATION_COUNT] = {
	NUMBER(ANNOTATION_UID, "uid", "user whose process sent the packet (-m owner)"),
	NUMBER(ANNOTATION_GID, "gid", "and its group"),
	TEXT(ANNOTATION_CGROUP, "cgroup", "PATH", "control group of the socket (-m cgroup --path)"),
	NUMBER(ANNOTATION_CLASSID, "classid", "class of the socket (-m cgroup --cgroup)"),
	[ANNOTATION_SOCKET] = { .name = "socket", .words = sockets, .value_name = "none|yes|transparent|wildcard",
			  .summary = "the socket that the packet is for; wildcard: it listens at any address (-m socket)" },
	TEXT(ANNOTATION_PHYSDEV_IN, "physdev-in", "PORT|none", "bridge port it came by (-m physdev)"),
	TEXT(ANNOTATION_PHYSDEV_OUT, "physdev-out", "PORT|none", "bridge port it leaves by"),
	NUMBER(ANNOTATION_IN_GROUP, "in-group", "group of the interface it came by (-m devgroup)"),
	NUMBER(ANNOTATION_OUT_GROUP, "out-group", "group of the interface it leaves by"),
	NUMBER(ANNOTATION_REALM, "realm", "realm of its route (-m realm)"),
	[ANNOTATION_IPSEC_IN] = { .name = "ipsec-in", .words = transforms, .value_name = "none|yes",
			    .summary = "it was encrypted when it came (-m policy --dir in)" },
	[ANNOTATION_IPSEC_OUT] = { .name = "ipsec-out", .words = transforms, .value_name = "none|yes",
			     .summary = "it will be encrypted (-m policy --dir out)" },
	[ANNOTATION_IPVS] = { .name = "ipvs", .words = balancings, .value_name = "none|yes",
			.summary = "it belongs to a connection of IPVS (-m ipvs)" },
	NUMBER(ANNOTATION_CPU, "cpu", "processor that handles it (-m cpu)"),
	TEXT(ANNOTATION_OS, "os", "GENRE|none", "operating system of which the SYN has the fingerprint (-m osf)"),
	[ANNOTATION_TPROXY_PORT] = { .name = "tproxy-port", .max = UINT16_MAX, .value_name = "NUMBER",
			       .summary = "port at which a transparent socket listens, at any address (-j TPROXY)" },
};

const struct annotation_kind *annotation_kinds(void)
{
	return kinds;
}

enum annotation annotation_find_kind(const char *name, size_t len)
{
	unsigned annotation = 0;

	while (annotation < ANNOTATION_COUNT && (strlen(kinds[annotation].name) != len || memcmp(kinds[annotation].name, name, len) != 0))
		annotation++;
	return (enum annotation)annotation;
}

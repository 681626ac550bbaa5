/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/packet.h"

#include <stdlib.h>
#include <string.h>

void packet_init(struct packet *packet)
{
	memset(packet, 0, sizeof(*packet));
}

void packet_clear(struct packet *packet)
{
	free(packet->owned);
	packet_init(packet);
}

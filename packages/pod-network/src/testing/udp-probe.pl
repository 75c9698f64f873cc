# Sends and answers datagrams that must not be cut on the way, which Node.js cannot ask for.
#   udp-probe.pl serve PORT ADDRESS...   answers each datagram with the address that it came from
#   udp-probe.pl ask HOST PORT BYTES     sends a packet of so many bytes, headers included, and prints the answer
use strict;
use warnings;
use Socket qw(:all);

my ($mode, @args) = @ARGV;
if ($mode eq 'serve') { serve(@args) } else { ask(@args) }

sub serve {
    my ($port, @hosts) = @_;
    my @sockets = map { listening($port, $_) } @hosts;
    $| = 1;
    print "ready\n";
    while (1) {
        my $ready = '';
        vec($ready, fileno($_), 1) = 1 for @sockets;
        select($ready, undef, undef, undef);
        for my $socket (grep { vec($ready, fileno($_), 1) } @sockets) {
            my $from = recv($socket, my $data, 65536, 0);
            next unless defined $from;
            my $v6 = sockaddr_family($from) == AF_INET6;
            my (undef, $address) = $v6 ? unpack_sockaddr_in6($from) : unpack_sockaddr_in($from);
            send($socket, inet_ntop($v6 ? AF_INET6 : AF_INET, $address), 0, $from);
        }
    }
}

sub listening {
    my ($port, $host) = @_;
    my $v6 = $host =~ /:/;
    my $family = $v6 ? AF_INET6 : AF_INET;
    socket(my $socket, $family, SOCK_DGRAM, 0) or die "socket: $!";
    my $address = inet_pton($family, $host);
    bind($socket, $v6 ? pack_sockaddr_in6($port, $address) : pack_sockaddr_in($port, $address)) or die "bind $host: $!";
    return $socket;
}

sub ask {
    my ($host, $port, $bytes) = @_;
    my $v6 = $host =~ /:/;
    socket(my $socket, $v6 ? AF_INET6 : AF_INET, SOCK_DGRAM, 0) or die "socket: $!";
    # IP_MTU_DISCOVER and IPV6_MTU_DISCOVER, each PROBE: never cut, whatever was learnt of the path.
    setsockopt($socket, $v6 ? 41 : 0, $v6 ? 23 : 10, pack('i', 3)) or die "setsockopt: $!";
    # IPV6_DONTFRAG
    if ($v6) { setsockopt($socket, 41, 62, pack('i', 1)) or die "setsockopt: $!" }
    my $address = inet_pton($v6 ? AF_INET6 : AF_INET, $host) or die "bad address $host";
    connect($socket, $v6 ? pack_sockaddr_in6($port, $address) : pack_sockaddr_in($port, $address)) or die "connect: $!";
    send($socket, 'x' x ($bytes - ($v6 ? 48 : 28)), 0) or die "send: $!\n";
    my $ready = '';
    vec($ready, fileno($socket), 1) = 1;
    select($ready, undef, undef, 2) or die "no answer\n";
    defined recv($socket, my $answer, 65536, 0) or die "recv: $!\n";
    print "$answer\n";
}

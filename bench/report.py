#!/usr/bin/python3
"""Turns build/bench-results/results.json into docs/benchmarks.md.

    bench/report.py build/bench-results/results.json > docs/benchmarks.md
"""
import json
import sys

MISSING = '-'
COMPILE_FLOOR = 'compile + exec + repr'  # as the harness calls it


def pick(tree, *path):
    """What is at a path of keys and indices, or None."""
    for key in path:
        try:
            tree = tree[key]
        except (KeyError, IndexError, TypeError):
            return None
    return tree


def number(value, digits=2):
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return 'yes' if value else 'no'
    if not isinstance(value, (int, float)):
        return cell(value)
    return '{:,.{}f}'.format(value, 0 if abs(value) >= 1000 else digits)


def cell(text):
    return str(text).replace('|', '\\|').replace('\n', ' ')


def table(head, rows):
    yield '| ' + ' | '.join(head) + ' |'
    yield '|---' * len(head) + '|'
    for row in rows:
        yield '| ' + ' | '.join(row) + ' |'
    yield ''


def rows_with_content(rows):
    return [row for row in rows if any(each != MISSING for each in row[1:])]


def figure_table(figures, targets):
    def row(label, *path, digits=2):
        return [label] + [number(pick(figures[target], *path), digits) for target in targets]

    def defined(target):
        found = pick(figures[target], 'f')
        if not found or 'defined' not in found:
            return MISSING
        return '%s of %s' % (number(found['defined'], 0), number(found['of'], 0))

    def pipelined(target):
        lost = pick(figures[target], 'c', 'pipelined_lost')
        if lost is not None:
            return 'loses %s' % number(lost, 0)
        return number(pick(figures[target], 'c', 'pipelined_per_s'), 0)

    steps = max((len(pick(figures[target], 'd', 'steps') or []) for target in targets), default=0)
    rows = [
        row('connect to prompt, median, ms', 'a', 'p50_ms'),
        row('connect to prompt, 99 %, ms', 'a', 'p99_ms'),
        row('`1+1` and back, median, µs', 'b', 'p50_us', digits=1),
        row('`1+1` and back, 99 %, µs', 'b', 'p99_us', digits=1),
        row('`1+1` and back, client with quick ACKs, median, µs', 'b', 'quickack_p50_us',
            digits=1),
        row('50 consoles, each after its reply, commands/s', 'c', 'closed_loop_per_s', digits=0),
        ['50 consoles, all at once, commands/s'] + [pipelined(target) for target in targets],
        row('`print` of 10 MB, MB/s', 'e', 'MB_per_s', digits=0),
        row('paste of 2,002 lines, s', 'f', 's'),
        ['paste: functions that arrived'] + [defined(target) for target in targets],
        row('memory before the first client, kB', 'd', 'base', 'rss_kb', digits=0),
    ]
    for step in range(steps):
        connections = pick(next(figures[each] for each in targets
                                if pick(figures[each], 'd', 'steps', step)),
                           'd', 'steps', step, 'conns')
        label = '%s idle consoles: ' % number(connections, 0)
        rows.append(row(label + 'kB each', 'd', 'steps', step, 'per_console_kb', digits=1))
        rows.append(row(label + 'threads', 'd', 'steps', step, 'threads', digits=0))
    rows += [
        row('memory after they left, kB', 'd', 'after_close', 'rss_kb', digits=0),
        row('opened, used and closed, consoles/s', 'h', 'polite', 'per_s', digits=0),
        row('of 2,200 such: errors', 'h', 'polite', 'errors', digits=0),
        row('after 500 rude clients: works', 'h', 'works'),
    ]
    return table(['', *targets], rows_with_content(rows))


def tick_results(figures):
    """{what happened at the prompt: what the application felt}, of one target."""
    found = {}
    for section in ('g', 'g2'):
        for name, result in (pick(figures, section) or {}).items():
            if isinstance(result, dict):
                name = 'idle consoles' if name.endswith('idle consoles') else name
                found[name] = result
    found['`print` of 10 MB'] = pick(figures, 'e', 'ticks')
    found['paste of 2,002 lines'] = pick(figures, 'f', 'ticks')
    found['most idle consoles'] = pick(figures, 'd', 'steps', -1, 'ticks')
    return found


def tick_table(figures, targets):
    results = {target: tick_results(figures[target]) for target in targets}
    scenarios = list(dict.fromkeys(name for found in results.values() for name in found))

    def felt(found):
        if not found or 'p50_ms' not in found:
            return MISSING
        text = ' / '.join(number(found[key]) for key in ('p50_ms', 'p99_ms', 'max_ms'))
        return text + ' frozen' if found.get('frozen') else text

    def waited(found):
        return number(pick(found, 'other_console_ms'), 1)

    rows = [[name] + [felt(results[target].get(name)) for target in targets]
            for name in scenarios]
    yield from table(['', *targets], rows_with_content(rows))
    yield 'What `1+1` on another console took meanwhile, ms:'
    yield ''
    rows = [[name] + [waited(results[target].get(name)) for target in targets]
            for name in scenarios]
    yield from table(['', *targets], rows_with_content(rows))


def memory_table(figures, targets):
    def megabytes(target, *path):
        found = pick(figures[target], *path)
        return MISSING if not isinstance(found, (int, float)) else number(found / 1024, 1)

    rows = []
    scenarios = dict.fromkeys(name for target in targets
                              for name, result in (pick(figures[target], 'g2') or {}).items()
                              if isinstance(result, dict))
    for name in scenarios:
        for label, key in (('before', 'rss_before_kb'), ('meanwhile', 'rss_blocked_kb'),
                           ('after it left', 'rss_after_close_kb')):
            rows.append(['%s: %s' % (name, label)] +
                        [megabytes(target, 'g2', name, key) for target in targets])
    for label, key in (('before', 'before'), ('after 200 consoles', 'after_warmup'),
                       ('after 2,200', 'after_polite'), ('after 500 rude ones', 'after_rude')):
        rows.append(['churn: ' + label] +
                    [megabytes(target, 'h', key, 'rss_kb') for target in targets])
    return table(['', *targets], rows_with_content(rows))


def probe_table(figures, targets):
    names = dict.fromkeys(name for target in targets for name in pick(figures[target], 'p') or {}
                          if name not in ('load', 'error'))
    rows = [[name.replace('_', ' ')] +
            [cell(pick(figures[target], 'p', name) or MISSING) for target in targets]
            for name in names]
    return table(['', *targets], rows)


def idle_tables(idle):
    rows = [[name, number(costs['start_ms'], 1), number(costs['memory_kb'], 0),
             number(costs['threads'], 0)] for name, costs in idle['start'].items()]
    yield from table(['', 'to READY, ms', 'memory, kB', 'threads'], rows)
    rows = []
    for label, key in (('only opened', 'opened'), ('has typed one command', 'typed')):
        found = idle[key]
        rows.append([label, number(found['kb_each'], 1), number(found['threads'], 0)])
    yield from table(['each further console, from %s to %s' %
                      (number(idle['opened']['few'], 0), number(idle['opened']['many'], 0)),
                      'kB', 'threads in the end'], rows)


def markdown(results):
    figures, machine = results['figures'], results['machine']
    targets = list(figures)
    peers = [each for each in targets if each != 'floor']
    floors = results['python_floors']
    echo = pick(figures, 'floor', 'b', 'p50_us')
    lines = ['# Benchmarks', '']
    if results['quick']:
        lines += ['**A trial run with small counts: the labels below name the full ones.**', '']
    lines += [
        '%s, %s. In each pass every section is measured for all columns before the next begins; '
        'compare within this page, not with another machine\'s.'
        % ('One pass' if results['passes'] == 1 else 'Medians of %s passes' % results['passes'],
           machine['date']),
        '',
        '- %(processor)s, %(cores)s cores, %(memory_gb)s GB, Linux %(kernel)s; load average at '
        'the start %(load).2f' % machine,
        '- %(python)s; %(compiler)s, %(build_type)s; revision %(revision)s' % machine,
        '- peers: ' + (', '.join('%s %s' % (name, version or '(not found)')
                                 for name, version in machine['peers'].items()) or 'none'),
        '- `backdoor` is `bench_host --preload`: an Asio loop with a 1 ms tick and an echo '
        'service. `floor` is an epoll loop in C++ that answers each line and runs no Python. '
        'The peers are Python applications with the same tick and echo service.',
        '',
        'To repeat it:',
        '',
        '```',
        'cmake --preset %(preset)s && cmake --build --preset %(preset)s' % results,
        results['command'],
        '```',
        '',
        '## At the prompt',
        '',
        *figure_table(figures, targets),
    ]
    compile_floor = floors.get(COMPILE_FLOOR)
    if echo is not None and compile_floor is not None:
        lines += ['The floor of a round trip: %s µs of echo, and %s µs in which CPython compiles, '
                  'runs and shows `1+1`: %s µs.' % (number(echo, 1), number(compile_floor, 1),
                                                    number(echo + compile_floor, 1)), '']
    hosts = results.get('hosts')
    if hosts:
        lines += ['## In Python programs', '',
                  'The same in programs of Python (`bench/hosts`), with the same tick, on threads, '
                  'asyncio, eventlet and gevent; and the backdoors of the latter two.', '',
                  *figure_table(hosts, list(hosts))]
    lines += [
        '## What the application feels',
        '',
        'How late its 1 ms tick is, median / 99 % / worst, ms. Every deadline counts, also those '
        'that were missed.',
        '',
        *tick_table(figures, peers),
        '## Memory, MB',
        '',
        *memory_table(figures, peers),
        '## What a server costs while nobody uses it',
        '',
        '`bench_host` with and without a server, nobody connected, medians of %s; then what '
        'consoles add (`bench/idle_cost.py`).' % results['idle']['runs'],
        '',
        *idle_tables(results['idle']),
    ]
    probes = list(probe_table(figures, peers))
    if len(probes) > 3:
        lines += ['## Probes', '', 'One fresh server each: robustness, and what consoles see of '
                  'each other.', '', *probes]
    return '\n'.join(lines).rstrip() + '\n'


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1]) as file:
        sys.stdout.write(markdown(json.load(file)))


if __name__ == '__main__':
    main()

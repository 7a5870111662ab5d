"""Every public name says what it is."""
import inspect

import backdoor
import backdoor.gevent
import backdoor.oslo


def public_names():
    for module in backdoor, backdoor.gevent, backdoor.oslo:
        yield module.__name__, module
        for name in module.__all__:
            found = getattr(module, name)
            yield "%s.%s" % (module.__name__, name), found
            if inspect.isclass(found) and found is not backdoor.Options:
                for member, value in vars(found).items():
                    if not member.startswith("_"):
                        yield "%s.%s.%s" % (module.__name__, name, member), value


def test_all_have_one():
    found = list(public_names())
    assert len(found) > 20
    assert [name for name, value in found if not inspect.getdoc(value)] == []

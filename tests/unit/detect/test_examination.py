from made_up_records import HOME, at, touches, version, link

def test_nothing(room):
    import time
    t=time.time()
    e=room.examine()
    print(e, time.time()-t)
    t=time.time()
    room.fill(access=touches(HOME,20,at("05 10:00")), equipment=[version(HOME)], links=[link(HOME, at("05 09:00"))])
    print("fill", time.time()-t); t=time.time()
    room.base()
    print("base", time.time()-t); t=time.time()
    e=room.examine(access=touches(HOME,20,at("05 10:00")), equipment=[version(HOME)], links=[link(HOME, at("05 09:00"))])
    print(e, time.time()-t)

from django_q.tasks import async_iter, async_task, result, result_group

# Each picture, with the seconds that it takes
pictures = [('large', 1.1), ('small', 0), ('medium', 0.55)]

as_one = True
if as_one:
    group = async_iter('shop.tasks.shrink', pictures)
    names = result(group, wait=2500)
else:
    group = 'pictures'
    for picture in pictures:
        async_task('shop.tasks.shrink', *picture, group=group)
    names = result_group(group, count=1, wait=2500)

for name in names or ['nothing']:
    print(name.splitlines()[-1])

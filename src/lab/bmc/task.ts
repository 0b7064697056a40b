/** The one task of a BMC whose insert is answered with 202. */
import { type Answer, refuse } from './answer.ts';
import { type Bmc, MONITOR_PATH, ROOT, type Task, TASK_PATH } from './bmc.ts';
import type { Refusal } from './profile.ts';
import { collection, link, resource } from './resource.ts';

/** Starts the work, which says what went wrong or null, and answers 202 with the task. */
export function startTask(bmc: Bmc, work: () => Promise<Refusal | null>): Answer {
  const task: Task = { state: 'Running', startedAt: bmc.lab.clock.now(), endedAt: null, refusal: null };
  bmc.task = task;
  void work().then(
    (refusal) => {
      task.refusal = refusal;
      task.state = refusal ? 'Exception' : 'Completed';
      task.endedAt = bmc.lab.clock.now();
    },
    () => (task.state = 'Exception'),
  );
  return { status: 202, headers: { Location: TASK_PATH }, body: taskDocument(task) };
}

/** While the task runs its monitor says 202; afterwards it says how the insert went. */
export function monitorAnswer({ task, profile }: Bmc): Answer | null {
  if (!task) return null;
  if (task.state === 'Running') return { status: 202, headers: { Location: MONITOR_PATH }, body: taskDocument(task) };
  return task.refusal ? refuse(profile, task.refusal) : { status: 204 };
}

export function taskDocuments({ task, profile }: Bmc): Record<string, unknown>[] {
  if (profile.insert !== 'task') return [];
  return [
    resource('TaskService.v1_1_4.TaskService', `${ROOT}/TaskService`, 'Task Service', {
      ServiceEnabled: true,
      Tasks: link(`${ROOT}/TaskService/Tasks`),
    }),
    collection('Task', `${ROOT}/TaskService/Tasks`, task ? [TASK_PATH] : []),
    ...(task ? [taskDocument(task)] : []),
  ];
}

function taskDocument({ state, startedAt, endedAt, refusal }: Task): Record<string, unknown> {
  return resource('Task.v1_4_3.Task', TASK_PATH, 'Insert of virtual media', {
    TaskState: state,
    TaskStatus: refusal ? 'Critical' : 'OK',
    PercentComplete: state === 'Running' ? 50 : 100,
    TaskMonitor: MONITOR_PATH,
    StartTime: new Date(startedAt).toISOString(),
    ...(endedAt === null ? {} : { EndTime: new Date(endedAt).toISOString() }),
    Messages: refusal ? [{ MessageId: refusal.id, Message: refusal.text, Severity: 'Critical' }] : [],
  });
}
